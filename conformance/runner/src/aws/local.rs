//! A server of our own, started for a run: everything in memory, on a free port of this machine, asked over HTTP
//! like any other.

use std::sync::mpsc::channel;
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, anyhow};
use passo_server::{Configuration, Data, Server};
use tokio::sync::oneshot;

/// A server that ends with this value.
pub struct Local {
    url: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Local {
    /// Starts a server and waits until it listens.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start() -> Result<Self> {
        let (started, address) = channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            let serve = async {
                let mut configuration = Configuration::new(Data::Ephemeral);
                configuration.port = 0;
                let server = match Server::open(configuration).await {
                    Ok(server) => server,
                    Err(error) => {
                        let _ = started.send(Err(anyhow!(error)));
                        return;
                    }
                };
                let _ = started.send(Ok(server.address()));
                server
                    .serve(async {
                        let _ = stopped.await;
                    })
                    .await;
            };
            if let Ok(runtime) = tokio::runtime::Runtime::new() {
                runtime.block_on(serve);
            }
        });
        let address = address
            .recv()
            .context("the server ended before it listened")??;
        Ok(Self {
            url: format!("http://{address}"),
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
