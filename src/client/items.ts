// Made from contracts/items by `npm run client:types`; a test holds the two together.

/** A claim: its value, and the ways in which the contract lets it be asked. */
export type Claim<Value, Way extends string> = { value: Value; way: Way }

/** What each item is asked about, and what may be asked of it. */
export type Items = {
  'ADO-01': {
    subject: { adopterIdNo: string; adopteeIdNo: string }
    claims: {
      status: Claim<'VALID' | 'DISSOLVED', 'read' | 'equals'>
      regDate: Claim<string, 'read' | 'equals' | 'atLeast' | 'atMost'>
      regNo: Claim<string, 'read' | 'equals'>
    }
  }
  'BIR-01': {
    subject: { certNo: string; motherIdNo: string }
    claims: {
      match: Claim<boolean, 'equals'>
      birthDate: Claim<string, 'read' | 'equals' | 'atLeast' | 'atMost'>
      sex: Claim<'0' | '1' | '2' | '9', 'read' | 'equals'>
      fatherIdNo: Claim<string, 'equals'>
      childIdNo: Claim<string, 'equals'>
    }
  }
  'CON-01': {
    subject: { uscc: string; certNo: string }
    claims: {
      status: Claim<'VALID' | 'SUSPENDED' | 'CANCELLED', 'read' | 'equals' | 'in'>
      validTo: Claim<string, 'read' | 'atLeast'>
      qualifications: Claim<readonly ({ type: 'GENERAL_BUILDING' | 'MUNICIPAL_WORKS' | 'DECORATION' | 'FIRE_PROTECTION'; grade: 'SPECIAL' | 'GRADE_1' | 'GRADE_2' | 'UNGRADED' })[], 'read'>
    }
  }
  'CRE-01': {
    subject: { idNo: string; name: string }
    claims: {
      cremated: Claim<boolean, 'equals'>
      date: Claim<string, 'read' | 'equals' | 'atLeast' | 'atMost'>
      facility: Claim<string, 'read' | 'equals'>
    }
  }
  'DEA-01': {
    subject: { idNo: string; name: string }
    claims: {
      deceased: Claim<boolean, 'equals'>
      deathDate: Claim<string, 'read' | 'equals' | 'atLeast' | 'atMost'>
    }
  }
  'DIS-01': {
    subject: { idNo: string; name: string }
    claims: {
      status: Claim<'VALID' | 'CANCELLED', 'equals'>
      level: Claim<number, 'equals' | 'atMost'>
      category: Claim<'VISUAL' | 'HEARING' | 'SPEECH' | 'PHYSICAL' | 'INTELLECTUAL' | 'MENTAL' | 'MULTIPLE', 'equals' | 'in'>
      validTo: Claim<string, 'atLeast'>
    }
  }
  'DOC-01': {
    subject: { licenceNo?: string; idNo?: string; name: string }
    claims: {
      status: Claim<'REGISTERED' | 'SUSPENDED' | 'CANCELLED', 'read' | 'equals' | 'in'>
      category: Claim<'CLINICAL' | 'TCM' | 'DENTAL' | 'PUBLIC_HEALTH', 'read' | 'equals' | 'in'>
      scope: Claim<string, 'read' | 'equals'>
      place: Claim<string, 'read' | 'equals'>
    }
  }
  'DRV-01': {
    subject: { idNo: string; name: string; fileNo: string }
    claims: {
      status: Claim<'VALID' | 'SUSPENDED' | 'REVOKED' | 'CANCELLED', 'read' | 'equals' | 'in'>
      class: Claim<'A1' | 'A2' | 'A3' | 'B1' | 'B2' | 'C1' | 'C2' | 'C5' | 'D' | 'E', 'read' | 'equals' | 'in'>
      validTo: Claim<string, 'read' | 'atLeast'>
    }
  }
  'ECHO-00': {
    subject: { code: string }
    claims: {
      greeting: Claim<string, 'read'>
      language: Claim<'zh' | 'en' | 'fr' | 'es', 'read' | 'equals' | 'in'>
      letters: Claim<number, 'equals' | 'atLeast' | 'atMost'>
    }
  }
  'EDU-01': {
    subject: { idNo: string; name: string; certNo: string }
    claims: {
      match: Claim<boolean, 'equals'>
      level: Claim<'JUNIOR_COLLEGE' | 'BACHELOR' | 'MASTER' | 'DOCTOR', 'read' | 'equals' | 'in'>
      institution: Claim<string, 'read' | 'equals'>
      graduated: Claim<string, 'read' | 'equals' | 'atLeast' | 'atMost'>
    }
  }
  'EDU-02': {
    subject: { idNo: string; name: string; certNo: string }
    claims: {
      match: Claim<boolean, 'equals'>
      degree: Claim<'BACHELOR' | 'MASTER' | 'DOCTOR', 'read' | 'equals' | 'in'>
      discipline: Claim<'LAW' | 'MEDICINE' | 'ENGINEERING' | 'MANAGEMENT' | 'SCIENCE' | 'ECONOMICS' | 'EDUCATION' | 'LITERATURE' | 'HISTORY' | 'PHILOSOPHY' | 'AGRICULTURE' | 'ART' | 'MILITARY' | 'INTERDISCIPLINARY', 'read' | 'equals' | 'in'>
      conferred: Claim<string, 'read' | 'equals' | 'atLeast' | 'atMost'>
    }
  }
  'ELD-01': {
    subject: { idNo: string; name: string }
    claims: {
      birthDate: Claim<string, 'atMost'>
      cardStatus: Claim<'VALID' | 'LOST' | 'CANCELLED', 'read' | 'equals'>
    }
  }
  'EMP-01': {
    subject: { idNo: string; name: string }
    claims: {
      status: Claim<'EMPLOYED' | 'UNEMPLOYED', 'read' | 'equals'>
      since: Claim<string, 'read' | 'atLeast' | 'atMost'>
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
  'ETH-01': {
    subject: { idNo: string; name: string }
    claims: {
      ethnicity: Claim<string, 'equals'>
    }
  }
  'EXT-01': {
    subject: { docType: 'PASSPORT' | 'HK_MACAO_PERMIT' | 'TAIWAN_PERMIT'; docNo: string; name: string }
    claims: {
      match: Claim<boolean, 'equals'>
      status: Claim<'VALID' | 'LOST' | 'CANCELLED', 'read' | 'equals' | 'in'>
      validTo: Claim<string, 'read' | 'atLeast'>
    }
  }
  'FOOD-01': {
    subject: { permitNo?: string; uscc?: string }
    claims: {
      status: Claim<'VALID' | 'SUSPENDED' | 'CANCELLED', 'read' | 'equals' | 'in'>
      validTo: Claim<string, 'read' | 'atLeast'>
      region: Claim<string, 'read' | 'equals' | 'in'>
      items: Claim<readonly ({ item: 'HOT_FOOD' | 'COLD_FOOD' | 'PASTRY' | 'BEVERAGE' | 'PREPACKAGED' | 'BULK' })[], 'read'>
    }
  }
  'HC-01': {
    subject: { idNo: string; name: string }
    claims: {
      status: Claim<'VALID' | 'REVOKED', 'equals'>
      validTo: Claim<string, 'atLeast'>
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
  'HK-02': {
    subject: { idNo: string; relativeIdNo: string }
    claims: {
      relation: Claim<'SPOUSE' | 'CHILD' | 'PARENT' | 'SIBLING' | 'OTHER', 'equals'>
    }
  }
  'HPF-01': {
    subject: { idNo: string; name: string }
    claims: {
      status: Claim<'ACTIVE' | 'SEALED', 'read' | 'equals'>
      months: Claim<number, 'read' | 'atLeast' | 'atMost'>
      latestMonth: Claim<string, 'read' | 'equals' | 'atLeast' | 'atMost'>
      loanOutstanding: Claim<boolean, 'equals'>
    }
  }
  'ID-01': {
    subject: { idNo: string; name: string }
    claims: {
      match: Claim<boolean, 'equals'>
      cardStatus: Claim<'VALID' | 'EXPIRED' | 'LOST' | 'CANCELLED', 'read' | 'equals' | 'in'>
    }
  }
  'LAW-01': {
    subject: { licenceNo: string; name: string }
    claims: {
      status: Claim<'PRACTISING' | 'SUSPENDED' | 'CANCELLED', 'read' | 'equals' | 'in'>
      firm: Claim<string, 'read' | 'equals'>
      lastAssessment: Claim<number, 'read' | 'atLeast'>
    }
  }
  'LOW-01': {
    subject: { idNo: string; name: string }
    claims: {
      category: Claim<'DIBAO' | 'TEKUN' | 'BIANYUAN' | 'GANGXING', 'equals' | 'in'>
      since: Claim<string, 'atMost'>
      validTo: Claim<string, 'atLeast'>
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
  'MED-01': {
    subject: { idNo: string; name: string }
    claims: {
      status: Claim<'INSURED' | 'SUSPENDED', 'read' | 'equals'>
      type: Claim<'EMPLOYEE' | 'RESIDENT', 'read' | 'equals'>
      region: Claim<string, 'read' | 'equals' | 'in'>
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
  'RES-01': {
    subject: { idNo: string; name: string; region: string }
    claims: {
      status: Claim<'VALID' | 'SUSPENDED' | 'CANCELLED', 'read' | 'equals'>
      issueRegion: Claim<string, 'read' | 'equals' | 'in'>
      heldSince: Claim<string, 'atMost'>
      validTo: Claim<string, 'read' | 'atLeast'>
    }
  }
  'SOC-01': {
    subject: { idNo: string; name: string }
    claims: {
      status: Claim<'INSURED' | 'SUSPENDED', 'read' | 'equals'>
      months: Claim<number, 'read' | 'atLeast' | 'atMost'>
      latestMonth: Claim<string, 'read' | 'equals' | 'atLeast' | 'atMost'>
      employer: Claim<string, 'equals'>
    }
  }
  'SOC-02': {
    subject: { idNo: string; name: string }
    claims: {
      status: Claim<'RECEIVING' | 'SUSPENDED' | 'ENDED', 'read' | 'equals' | 'in'>
      aliveConfirmedOn: Claim<string, 'atLeast'>
    }
  }
  'STU-01': {
    subject: { idNo: string; name: string }
    claims: {
      status: Claim<'ENROLLED' | 'SUSPENDED', 'read' | 'equals'>
      stage: Claim<'PRIMARY' | 'JUNIOR_SECONDARY' | 'SENIOR_SECONDARY' | 'HIGHER', 'read' | 'equals' | 'in'>
      grade: Claim<number, 'equals' | 'atLeast' | 'atMost'>
      school: Claim<string, 'read' | 'equals'>
    }
  }
  'TAX-01': {
    subject: { idNo?: string; name?: string; uscc?: string; taxType: 'DEED' | 'INDIVIDUAL_INCOME' | 'VALUE_ADDED'; year: string }
    claims: {
      status: Claim<'PAID' | 'REFUNDED', 'read' | 'equals'>
      amount: Claim<number, 'equals'>
      voucherNo: Claim<string, 'read' | 'equals'>
    }
  }
  'VAC-01': {
    subject: { idNo: string; name: string }
    claims: {
      complete: Claim<boolean, 'equals'>
    }
  }
  'VEH-01': {
    subject: { idNo?: string; name?: string; plateNo?: string }
    claims: {
      count: Claim<number, 'read' | 'equals' | 'atLeast' | 'atMost'>
      mortgaged: Claim<boolean, 'equals'>
      status: Claim<'NORMAL' | 'OVERDUE_INSPECTION' | 'SEIZED' | 'DEREGISTERED', 'read' | 'equals' | 'in'>
      type: Claim<'SMALL_CAR' | 'LIGHT_TRUCK' | 'MOTORCYCLE' | 'OTHER', 'equals' | 'in'>
    }
  }
  'VET-01': {
    subject: { idNo: string; name: string }
    claims: {
      veteran: Claim<boolean, 'equals'>
      category: Claim<'RETIRED_SOLDIER' | 'RETIRED_SERGEANT' | 'DEMOBILISED_OFFICER', 'read' | 'equals' | 'in'>
      cardStatus: Claim<'VALID' | 'LOST' | 'CANCELLED', 'read' | 'equals'>
    }
  }
}
