import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { Command } from '../../parts/Copy';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { useText } from '../../text';

/** What to do on a server where there is nothing yet. */
export function FirstSteps() {
  const { text } = useText();
  const follow = useFollow();
  const steps = [
    {
      name: text.home.step1,
      hint: text.home.step1Hint,
      action: (
        <Button variant="primary" href={links.create} onFollow={follow}>
          {text.home.newWorkflow}
        </Button>
      ),
    },
    { name: text.home.step2, hint: text.home.step2Hint, action: <Command line={`export AWS_ENDPOINT_URL=${location.origin}`} /> },
    { name: text.home.step3, hint: text.home.step3Hint, action: undefined },
  ];
  return (
    <Container header={<Header variant="h2">{text.home.begin}</Header>}>
      <ol className="steps">
        {steps.map((step) => (
          <li key={step.name}>
            <b>{step.name}</b>
            <p>{step.hint}</p>
            {step.action}
          </li>
        ))}
      </ol>
    </Container>
  );
}
