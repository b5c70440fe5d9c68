import { useEffect, useState } from 'react'

/** A value as it is when it has not changed for a moment: what is asked by it is not asked at each letter. The first is there at once. */
export function useSettled<T>(value: T, ms = 300): T {
  const text = JSON.stringify(value)
  const [settled, setSettled] = useState({ text, value })
  useEffect(() => {
    if (text === settled.text) return
    const timer = setTimeout(() => setSettled({ text, value }), ms)
    return () => clearTimeout(timer)
  }, [text, value, settled.text, ms])
  return settled.value
}
