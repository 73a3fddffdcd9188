import { echoRows } from './echo.ts'
import {
  adoptionRows,
  birthRows,
  cremationRows,
  deathRows,
  ethnicityRows,
  kinshipRows,
} from './family-rows.ts'
import { constructionRows, foodPermitRows, lawyerRows, physicianRows } from './licence-rows.ts'
import {
  drivingLicenceRows,
  exitEntryRows,
  residencePermitRows,
  vehicleRows,
} from './permit-rows.ts'
import {
  enterpriseRows,
  householdRows,
  marriageRows,
  type Row,
  realEstateRows,
  residentRows,
} from './population.ts'
import { degreeRows, enrolmentRows, qualificationRows, vaccinationRows } from './school-rows.ts'
import { taxRows } from './tax-rows.ts'
import {
  disabilityRows,
  healthCertificateRows,
  lowIncomeRows,
  seniorRows,
  veteranRows,
} from './welfare-rows.ts'
import {
  employmentRows,
  housingFundRows,
  medicalRows,
  pensionRows,
  socialInsuranceRows,
} from './work-rows.ts'

/** The rows of each register, by its id in registers.json. */
export const REGISTER_ROWS: Readonly<Record<string, (count: number) => Generator<Row>>> = {
  echo: echoRows,
  resident: residentRows,
  household: householdRows,
  marriage: marriageRows,
  'real-estate': realEstateRows,
  enterprise: enterpriseRows,
  kinship: kinshipRows,
  birth: birthRows,
  death: deathRows,
  cremation: cremationRows,
  adoption: adoptionRows,
  ethnicity: ethnicityRows,
  qualification: qualificationRows,
  degree: degreeRows,
  enrolment: enrolmentRows,
  vaccination: vaccinationRows,
  'social-insurance': socialInsuranceRows,
  pension: pensionRows,
  employment: employmentRows,
  'medical-insurance': medicalRows,
  'housing-fund': housingFundRows,
  'tax-payment': taxRows,
  'food-permit': foodPermitRows,
  'health-certificate': healthCertificateRows,
  disability: disabilityRows,
  'low-income': lowIncomeRows,
  veteran: veteranRows,
  'driving-licence': drivingLicenceRows,
  vehicle: vehicleRows,
  'residence-permit': residencePermitRows,
  'exit-entry-document': exitEntryRows,
  lawyer: lawyerRows,
  physician: physicianRows,
  construction: constructionRows,
  senior: seniorRows,
}
