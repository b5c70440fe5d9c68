import { takeCoverage } from 'node:v8'
import { afterAll } from 'vitest'

// A test's process may be ended before it has written down what ran in it.
afterAll(() => takeCoverage())
