// Asked for when the server wants to know who is there. The token stays in this session.
import { Alert, Button, Input, Modal } from "antd";
import { useState } from "react";
import { signIn, token } from "../api/client";
import { queries } from "../api/use";
import { useCommon } from "../words/common";

export default function SignIn() {
  const said = useCommon();
  const [typed, setTyped] = useState("");
  const refused = token.use() !== ""; // one was sent, and the server asks all the same
  const submit = () => {
    token.set(typed.trim());
    signIn.set(false);
    void queries.resetQueries();
  };
  return (
    <Modal open title={said.signInTitle} footer={null} onCancel={() => signIn.set(false)}>
      <form
        className="sign-in"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Alert type={refused ? "error" : "info"} role={refused ? "alert" : undefined} title={refused ? said.signInRefused : said.signInText} />
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
