// Taking a resource out of the ledger, and back. Nothing is erased; whoever would miss it is
// shown first, and a reason is asked for.
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Input } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { ask } from "../../api/client";
import { RetireDocument, ReviveDocument, WithoutDocument, type WithoutQuery } from "../../api/generated";
import { queries, useAsk } from "../../api/use";
import { resourceAddress } from "../../parts/address";
import { Answer, Failure } from "../../parts/states";
import { useEditWords } from "./words";

interface Whole {
  id: string;
  version: number;
  onDone: () => void;
}

export function Retire({ id, version, onDone }: Whole) {
  const said = useEditWords();
  const [open, setOpen] = useState(false);
  return (
    <section className="paper ed-retire">
      <h2>{said.retire}</h2>
      <p className="soft">{said.retireText}</p>
      {open ? (
        <Reached id={id} version={version} onDone={onDone} />
      ) : (
        <Button danger onClick={() => setOpen(true)}>
          {said.retireStart}
        </Button>
      )}
    </section>
  );
}

function Reached({ id, version, onDone }: Whole) {
  const said = useEditWords();
  const asked = useAsk(WithoutDocument, { id }, { staleTime: 0 });
  const [reason, setReason] = useState("");
  const writing = useTurn(async () => ask(RetireDocument, { id, version, reason: reason.trim() }), onDone);
  return (
    <>
      <h3>{said.retireReach}</h3>
      <Answer asked={asked} rows={3}>
        {({ impact }) => <Missed id={id} impact={impact} />}
      </Answer>
      <label htmlFor="ed-retire-reason">{said.reason}</label>
      <Input.TextArea
        id="ed-retire-reason"
        rows={2}
        maxLength={500}
        value={reason}
        placeholder={said.retireHint}
        onChange={(event) => setReason(event.target.value)}
      />
      {writing.error && <Failure error={writing.error} />}
      <Button
        danger
        type="primary"
        disabled={!reason.trim() || asked.data === undefined}
        loading={writing.isPending}
        onClick={() => writing.mutate()}
      >
        {said.retireDo}
      </Button>
    </>
  );
}

function Missed({ id, impact }: { id: string; impact: WithoutQuery["impact"] }) {
  const said = useEditWords();
  const { counts, departments, toTell } = impact;
  const affected = counts.exact + counts.indirect;
  if (affected + counts.touched === 0) return <p className="soft">{said.nobody}</p>;
  return (
    <>
      <p>
        <strong className="number">{affected}</strong> {said.affected} · <strong className="number">{counts.touched}</strong>{" "}
        {said.touched} · <Link to={`/impact?${new URLSearchParams({ id })}`}>{said.open}</Link>
      </p>
      <ul className="ed-whom">
        {departments.map(({ department, title, contact, counts: of }) => (
          <li key={department}>
            {department ? <Link to={resourceAddress(department)}>{title}</Link> : <span>{said.noOwner}</span>}
            <small className="soft">{[contact, said.pieces(of.exact + of.indirect + of.touched)].filter(Boolean).join(" · ")}</small>
          </li>
        ))}
      </ul>
      {toTell > departments.length && <p className="soft">{said.andMore(toTell - departments.length)}</p>}
    </>
  );
}

/** A retired resource: it is read-only until it is taken back. */
export function Retired({ id, version, onDone }: Whole) {
  const said = useEditWords();
  const writing = useTurn(async () => ask(ReviveDocument, { id, version, reason: said.reviveReason }), onDone);
  return (
    <>
      <Alert
        type="warning"
        showIcon
        title={said.retired}
        action={
          <Button loading={writing.isPending} onClick={() => writing.mutate()}>
            {said.revive}
          </Button>
        }
      />
      {writing.error && <Failure error={writing.error} />}
    </>
  );
}

function useTurn(turn: () => Promise<unknown>, onDone: () => void) {
  return useMutation({
    mutationFn: turn,
    onSuccess: () => {
      void queries.invalidateQueries();
      onDone();
    },
  });
}
