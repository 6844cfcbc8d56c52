// Asked for when the server wants to know who is there. The token stays in this session.
import { Alert, Button, Input, Modal } from "antd";
import { useState } from "react";
import { signIn, token } from "../api/client";
import { queries } from "../api/use";
import { useCommon } from "../words/common";

export default function SignIn() {
  const said = useCommon();
  const [typed, setTyped] = useState("");
  const submit = () => {
    token.set(typed.trim());
    signIn.want(false);
    void queries.resetQueries();
  };
  return (
    <Modal open title={said.signInTitle} footer={null} onCancel={() => signIn.want(false)}>
      <form
        className="sign-in"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Alert type="info" title={said.signInText} />
        <label>
          {said.signInToken}
          <Input.Password
            autoFocus
            autoComplete="current-password"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        <Button type="primary" htmlType="submit" disabled={!typed.trim()}>
          {said.signInSubmit}
        </Button>
      </form>
    </Modal>
  );
}
