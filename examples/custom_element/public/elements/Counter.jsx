// `props`, `updateElement`, `deleteElement` and `callAction` are given by the page.
import { Button } from '@/components/ui/button'

export default function Counter() {
  const count = props.count
  return (
    <div className="flex items-center gap-2">
      <span id="count">{count}</span>
      <Button id="increment" onClick={() => updateElement({ ...props, count: count + 1 })}>
        +1
      </Button>
      <Button id="double" onClick={() => callAction({ name: 'double', payload: { count } })}>
        Double
      </Button>
      <Button id="done" variant="outline" onClick={() => deleteElement()}>
        Done
      </Button>
    </div>
  )
}
