import { certificatesOf } from './certificates.ts'
import { enterpriseOf } from './enterprises.ts'
import { migrantsOf } from './migrants.ts'
import { BLOCK, blocksOf, residents } from './people.ts'

/** 云汀市民政局, the registration authority of every marriage here. */
const CIVIL_AFFAIRS = '11990100MB99010327'

export type Row = Readonly<Record<string, string>>

/** 居民身份信息 (ID-01): one row for each resident, and for those who came to live here. */
export function* residentRows(count: number): Generator<Row> {
  for (const { idNo, registeredName, cardStatus } of residents(count))
    yield { id_no: idNo, name: registeredName, card_status: cardStatus }
  for (const { no } of blocksOf(count))
    for (const { idNo, registeredName } of migrantsOf(no))
      yield { id_no: idNo, name: registeredName, card_status: 'VALID' }
}

/** 户籍登记 (HK-01): one row for each resident; the dead keep theirs, cancelled. */
export function* householdRows(count: number): Generator<Row> {
  for (const { idNo, registeredName, household, relation } of residents(count))
    yield {
      id_no: idNo,
      name: registeredName,
      household_no: household.no,
      hukou_region: household.region,
      address: household.address,
      householder: String(relation === 'HEAD'),
      relation_to_head: relation,
      head_id_no: household.headIdNo,
      status: household.status,
    }
}

/** 婚姻登记 (MAR-01): only residents with a registration, about six in ten. */
export function* marriageRows(count: number): Generator<Row> {
  for (const { idNo, registeredName, marriage } of residents(count))
    if (marriage)
      yield {
        id_no: idNo,
        name: registeredName,
        spouse_id_no: marriage.spouseIdNo ?? '',
        status: marriage.status,
        reg_date: marriage.regDate,
        reg_authority: CIVIL_AFFAIRS,
      }
}

/** 不动产登记 (RE-01): one row for each certificate. */
export function* realEstateRows(count: number): Generator<Row> {
  for (const block of blocksOf(count))
    for (const { no, region, owner, isShared, use, mortgaged, seized } of certificatesOf(block))
      yield {
        cert_no: no,
        region,
        owner_id_no: owner.idNo,
        owner_name: owner.registeredName,
        share: isShared ? '共同共有' : '单独所有',
        use,
        mortgaged: String(mortgaged),
        seized: String(seized),
      }
}

/** 企业登记 (ENT-01): one enterprise for each full block. */
export function* enterpriseRows(count: number): Generator<Row> {
  for (let block = 0; (block + 1) * BLOCK <= count; block += 1) {
    const { uscc, name, status, region, establishedOn, validTo, legalRepresentative } =
      enterpriseOf(block)
    yield {
      uscc,
      name,
      status,
      region,
      established_on: establishedOn,
      valid_to: validTo,
      legal_rep_name: legalRepresentative,
    }
  }
}
