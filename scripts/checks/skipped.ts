import type { Reporter, TestModule } from 'vitest/node'

/**
 * Names every test that was skipped, with its reason. With `strict` one of them fails the run: where everything that tests need is
 * installed, a skipped test is a test that nobody runs. Tests left out by a name filter are not skipped ones.
 */
export function skippedReporter({ strict }: { readonly strict: boolean }): Reporter {
  let filtered = false
  return {
    onInit(vitest) {
      filtered = vitest.config.testNamePattern !== undefined
    },
    onTestRunEnd(modules) {
      const skipped = filtered ? [] : modules.flatMap(skippedIn)
      for (const line of skipped) console.error(`${strict ? 'SKIPPED, which STEWARD_TEST_ALL forbids' : 'skipped'}: ${line}`)
      if (strict && skipped.length > 0) process.exitCode = 1
    },
  }
}
function skippedIn(module: TestModule): string[] {
  return [...module.children.allTests('skipped')].map((test) => {
    const result = test.result()
    const note = result.state === 'skipped' ? result.note : undefined
    return `${module.relativeModuleId} > ${test.fullName}${note === undefined ? '' : ` (${note})`}`
  })
}
