import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { admin } from '@passo/api';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useText } from '../../text';

/** Exchanges an access key for a cookie that no script can read. The secret is kept nowhere. */
export function SignIn() {
  const { text } = useText();
  const queries = useQueryClient();
  const [accessKeyId, setId] = useState('');
  const [secretAccessKey, setSecret] = useState('');
  const [error, setError] = useState<string>();
  const signIn = async () => {
    try {
      await admin('session', { method: 'POST', body: { accessKeyId, secretAccessKey } });
      await queries.invalidateQueries();
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem));
    } finally {
      setSecret('');
    }
  };
  return (
    <main className="signin">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void signIn();
        }}
      >
        <Form actions={<Button variant="primary">{text.signIn.go}</Button>} errorText={error}>
          <Container
            header={
              <Header variant="h1" description={text.signIn.hint}>
                {text.signIn.title}
              </Header>
            }
          >
            <SpaceBetween size="m">
              <FormField label={text.signIn.id}>
                <Input value={accessKeyId} autoComplete="username" autoFocus onChange={(event) => setId(event.detail.value)} />
              </FormField>
              <FormField label={text.signIn.secret} description={text.signIn.privacy}>
                <Input
                  type="password"
                  value={secretAccessKey}
                  autoComplete="current-password"
                  onChange={(event) => setSecret(event.detail.value)}
                />
              </FormField>
            </SpaceBetween>
          </Container>
        </Form>
      </form>
    </main>
  );
}
