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
    /// The TLS library refuses its own defaults.
    #[error("failed to set TLS up: {0}")]
    Tls(String),
}

impl Trust {
    /// The settings of a TLS client: TLS 1.2 and 1.3, `ring`'s cryptography.
    pub(super) fn tls(&self) -> Result<ClientConfig, TrustError> {
        let mut roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        if let Some(path) = &self.further {
            let content = || TrustError::Content { path: path.clone() };
            let text = fs::read(path).map_err(|source| TrustError::File {
                path: path.clone(),
                source,
            })?;
            let mut added = 0;
            for certificate in CertificateDer::pem_slice_iter(&text) {
                let certificate = certificate.map_err(|_| content())?;
                roots.add(certificate).map_err(|_| content())?;
                added += 1;
            }
            if added == 0 {
                return Err(content());
            }
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| TrustError::Tls(error.to_string()))?;
        Ok(config.with_root_certificates(roots).with_no_client_auth())
    }
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
        };
        assert!(matches!(missing.tls(), Err(TrustError::File { .. })));
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"not a certificate").unwrap();
        let wrong = Trust {
            further: Some(file.path().into()),
        };
        assert!(matches!(wrong.tls(), Err(TrustError::Content { .. })));
    }
}
