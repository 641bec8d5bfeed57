//! The first record: the version and what the execution was created with.

use std::sync::Arc;

use passo_asl::program::BlockId;
use passo_json::Payload;
use passo_vocab::Timestamp;

use super::reader::Reader;
use super::writer::{
    write_optional_text, write_optional_unsigned, write_signed, write_text, write_unsigned,
};
use super::{JournalError, VERSION};
use crate::{ExecutionHeader, Limits, WorkflowType};

/// The bits of the byte after the version.
const EXPRESS: u8 = 1;
/// The text of [`ExecutionHeader::mocks`] follows the input. A reader from before it refuses such a journal, and
/// reads every other one.
const MOCKED: u8 = 2;

/// Adds the first record of a journal.
pub fn encode_header(header: &ExecutionHeader, out: &mut Vec<u8>) {
    out.push(VERSION);
    let mocked = if header.mocks.is_some() { MOCKED } else { 0 };
    out.push(match header.workflow_type {
        WorkflowType::Standard => mocked,
        WorkflowType::Express => EXPRESS | mocked,
    });
    for text in [
        &header.execution_arn,
        &header.name,
        &header.state_machine_arn,
        &header.state_machine_name,
        &header.role_arn,
        &header.region,
    ] {
        write_text(text, out);
    }
    write_optional_text(header.state_machine_version_arn.as_ref(), out);
    write_optional_text(header.state_machine_alias_arn.as_ref(), out);
    write_optional_text(header.map_run.as_ref(), out);
    write_unsigned(u64::from(header.block.index()), out);
    write_signed(header.started_at.epoch_millis(), out);
    let limits = &header.limits;
    for size in [
        limits.payload_bytes_max,
        limits.assign_bytes_max,
        limits.variables_bytes_max,
    ] {
        write_unsigned(u64::try_from(size).unwrap_or(u64::MAX), out);
    }
    write_unsigned(u64::from(limits.inline_concurrency_max), out);
    write_unsigned(u64::from(limits.distributed_concurrency_max), out);
    write_optional_unsigned(limits.history_events_max, out);
    write_optional_unsigned(limits.execution_seconds_max, out);
    write_text(header.input.text(), out);
    if let Some(mocks) = &header.mocks {
        write_text(mocks, out);
    }
}

/// Reads the first record of a journal and tells how many bytes it takes.
///
/// # Errors
/// When the bytes do not begin with one.
pub fn decode_header(bytes: &[u8]) -> Result<(ExecutionHeader, usize), JournalError> {
    let mut reader = Reader { bytes };
    let version = reader.byte()?;
    if version != VERSION {
        return Err(JournalError::UnknownVersion(version));
    }
    let bits = reader.byte()?;
    let workflow_type = match bits & !MOCKED {
        0 => WorkflowType::Standard,
        EXPRESS => WorkflowType::Express,
        _ => return Err(JournalError::Number),
    };
    let header = ExecutionHeader {
        workflow_type,
        execution_arn: Arc::from(reader.text()?),
        name: Arc::from(reader.text()?),
        state_machine_arn: Arc::from(reader.text()?),
        state_machine_name: Arc::from(reader.text()?),
        role_arn: Arc::from(reader.text()?),
        region: Arc::from(reader.text()?),
        state_machine_version_arn: reader.optional_text()?,
        state_machine_alias_arn: reader.optional_text()?,
        map_run: reader.optional_text()?,
        block: BlockId::new(reader.small()?),
        started_at: Timestamp::from_epoch_millis(reader.signed()?),
        limits: limits(&mut reader)?,
        input: Payload::from_text(reader.text()?).map_err(|_| JournalError::Payload)?,
        mocks: match bits & MOCKED {
            0 => None,
            _ => Some(Arc::from(reader.text()?)),
        },
    };
    Ok((header, bytes.len().saturating_sub(reader.bytes.len())))
}

fn limits(reader: &mut Reader<'_>) -> Result<Limits, JournalError> {
    Ok(Limits {
        payload_bytes_max: reader.length()?,
        assign_bytes_max: reader.length()?,
        variables_bytes_max: reader.length()?,
        inline_concurrency_max: reader.small()?,
        distributed_concurrency_max: reader.small()?,
        history_events_max: reader.optional_unsigned()?,
        execution_seconds_max: reader.optional_unsigned()?,
    })
}
