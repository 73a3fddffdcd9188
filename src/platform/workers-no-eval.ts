import { Settings } from 'typebox/system'

/**
 * Loaded before anything that compiles a schema. workerd allows code from strings while modules are
 * loaded and never after: typebox tries once, would remember that it may, and fail at the first upload.
 */
Settings.Set({ useAcceleration: false })
