// `props`, `submitElement` and `cancelElement` are given by the page.
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import { Switch } from '@/components/ui/switch'

export default function TicketForm() {
  const [title, setTitle] = useState(props.title)
  const [urgent, setUrgent] = useState(props.urgent)
  return (
    <div className="flex flex-col gap-4 max-w-sm">
      <div className="flex flex-col gap-2">
        <Label htmlFor="ticket-title">What happened</Label>
        <Input id="ticket-title" value={title} onChange={(event) => setTitle(event.target.value)} />
      </div>
      <div className="flex items-center gap-2">
        <Switch id="ticket-urgent" checked={urgent} onCheckedChange={setUrgent} />
        <Label htmlFor="ticket-urgent">Urgent</Label>
      </div>
      <div className="flex gap-2">
        <Button id="ticket-send" disabled={title.trim() === ''} onClick={() => submitElement({ title, urgent })}>
          Send
        </Button>
        <Button id="ticket-cancel" variant="outline" onClick={() => cancelElement()}>
          Not now
        </Button>
      </div>
    </div>
  )
}
