// `props`, `submitElement` and `cancelElement` are given by the page.
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { useState } from 'react'

export default function TicketForm() {
  const [title, setTitle] = useState(props.title)
  const [urgency, setUrgency] = useState(props.urgency)
  return (
    <div className="flex flex-col gap-2">
      <label htmlFor="ticket-title">What is wrong?</label>
      <Input id="ticket-title" value={title} onChange={(event) => setTitle(event.target.value)} />
      <label className="flex items-center gap-2">
        <input
          id="ticket-urgent"
          type="checkbox"
          checked={urgency === 'high'}
          onChange={(event) => setUrgency(event.target.checked ? 'high' : 'low')}
        />
        It can’t wait
      </label>
      <div className="flex gap-2">
        <Button id="ticket-submit" onClick={() => submitElement({ title, urgency })}>
          Submit
        </Button>
        <Button id="ticket-cancel" variant="outline" onClick={() => cancelElement()}>
          Cancel
        </Button>
      </div>
    </div>
  )
}
