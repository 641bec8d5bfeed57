//! Whose certificates are believed.

use std::path::PathBuf;
use std::sync::Arc;
use std::{fs, io};

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use thiserror::Error;

/// The certificate authorities that are believed: Mozilla's list, as built in, and those of a file.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// A PEM file of further authorities, such as that of a company's proxy or of a test server (`AWS_CA_BUNDLE`).
    pub further: Option<PathBuf>,
    /// PEM of the authorities that are believed instead of all others.
    pub only: Option<Vec<u8>>,
}

/// Why certificates could not be read.
#[derive(Debug, Error)]
pub enum TrustError {
    /// The file cannot be read.
    #[error("failed to read the certificates in `{}`", .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file is not a PEM file with certificates.
    #[error("`{}` holds no usable certificate in PEM form", .path.display())]
    Content {
        /// Which file.
        path: PathBuf,
    },
    /// What was given is no PEM with certificates.
    #[error("what was given holds no usable certificate in PEM form")]
    Given,
    /// The TLS library refuses its own defaults.
    #[error("failed to set TLS up: {0}")]
    Tls(String),
}

impl Trust {
    /// The settings of a TLS client: TLS 1.2 and 1.3, `ring`'s cryptography.
    pub(super) fn tls(&self) -> Result<ClientConfig, TrustError> {
        let mut roots = RootCertStore {
            roots: match self.only {
                Some(_) => Vec::new(),
                None => webpki_roots::TLS_SERVER_ROOTS.to_vec(),
            },
        };
        if let Some(text) = &self.only {
            add(&mut roots, text).ok_or(TrustError::Given)?;
        }
        if let Some(path) = &self.further {
            let content = || TrustError::Content { path: path.clone() };
            let text = fs::read(path).map_err(|source| TrustError::File {
                path: path.clone(),
                source,
            })?;
            add(&mut roots, &text).ok_or_else(content)?;
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| TrustError::Tls(error.to_string()))?;
        Ok(config.with_root_certificates(roots).with_no_client_auth())
    }
}

/// Adds the certificates of a PEM text, of which there must be one.
fn add(roots: &mut RootCertStore, text: &[u8]) -> Option<()> {
    let before = roots.len();
    for certificate in CertificateDer::pem_slice_iter(text) {
        roots.add(certificate.ok()?).ok()?;
    }
    (roots.len() > before).then_some(())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn further_authorities_must_be_certificates() {
        assert!(Trust::default().tls().is_ok());
        let missing = Trust {
            further: Some("no/such/file.pem".into()),
            ..Trust::default()
        };
        assert!(matches!(missing.tls(), Err(TrustError::File { .. })));
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"not a certificate").unwrap();
        let wrong = Trust {
            further: Some(file.path().into()),
            ..Trust::default()
        };
        assert!(matches!(wrong.tls(), Err(TrustError::Content { .. })));
        let wrong = Trust {
            only: Some(b"not a certificate".to_vec()),
            ..Trust::default()
        };
        assert!(matches!(wrong.tls(), Err(TrustError::Given)));
    }
}
