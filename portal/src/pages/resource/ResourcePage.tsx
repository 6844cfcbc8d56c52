export default function ResourcePage() { return <h1>ResourcePage</h1>; }
