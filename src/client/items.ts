// Made from contracts/items by `npm run client:types`; a test holds the two together.

/** A claim: its value, and the ways in which the contract lets it be asked. */
export type Claim<Value, Way extends string> = { value: Value; way: Way }

/** What each item is asked about, and what may be asked of it. */
export type Items = {
  'ECHO-00': {
    subject: { code: string }
    claims: {
      greeting: Claim<string, 'read'>
      language: Claim<'zh' | 'en' | 'fr' | 'es', 'read' | 'equals' | 'in'>
      letters: Claim<number, 'equals' | 'atLeast' | 'atMost'>
    }
  }
  'ENT-01': {
    subject: { uscc: string }
    claims: {
      name: Claim<string, 'read' | 'equals'>
      status: Claim<'IN_BUSINESS' | 'SUSPENDED' | 'REVOKED' | 'DEREGISTERED', 'read' | 'equals' | 'in'>
      region: Claim<string, 'read' | 'equals' | 'in'>
      establishedOn: Claim<string, 'read' | 'atLeast' | 'atMost'>
      validTo: Claim<string, 'read' | 'atLeast'>
      legalRepresentative: Claim<string, 'equals'>
    }
  }
  'HK-01': {
    subject: { idNo: string; name: string }
    claims: {
      status: Claim<'ACTIVE' | 'MOVED' | 'CANCELLED', 'read' | 'equals' | 'in'>
      hukouRegion: Claim<string, 'read' | 'equals' | 'in'>
      address: Claim<string, 'read' | 'equals'>
      householder: Claim<boolean, 'read' | 'equals'>
      relationToHead: Claim<'HEAD' | 'SPOUSE' | 'SON' | 'DAUGHTER' | 'PARENT' | 'OTHER', 'read' | 'equals' | 'in'>
      headIdNo: Claim<string, 'equals'>
    }
  }
  'ID-01': {
    subject: { idNo: string; name: string }
    claims: {
      match: Claim<boolean, 'equals'>
      cardStatus: Claim<'VALID' | 'EXPIRED' | 'LOST' | 'CANCELLED', 'read' | 'equals' | 'in'>
    }
  }
  'MAR-01': {
    subject: { idNo: string; name: string }
    claims: {
      status: Claim<'REGISTERED' | 'DISSOLVED', 'read' | 'equals' | 'in'>
      regDate: Claim<string, 'read' | 'equals' | 'atLeast' | 'atMost'>
      regAuthority: Claim<string, 'read' | 'equals'>
      spouseIdNo: Claim<string, 'equals'>
    }
  }
  'RE-01': {
    subject: { region: string; idNo?: string; name?: string; certNo?: string }
    claims: {
      count: Claim<number, 'read' | 'equals' | 'atLeast' | 'atMost'>
      mortgaged: Claim<boolean, 'read' | 'equals'>
      seized: Claim<boolean, 'read' | 'equals'>
      units: Claim<readonly ({ certNo: string; region: string; share: string; use: 'RESIDENTIAL' | 'COMMERCIAL' | 'OFFICE' | 'OTHER' })[], 'read'>
    }
  }
}
