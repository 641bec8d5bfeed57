//! The server, the project on it, and their end.

use std::fs;
use std::path::{Path, PathBuf};

use passo_net::client::{Chosen, Connection, Environment};
use passo_server::{Configuration, Data, Server};
use tokio::signal::unix::{SignalKind, signal};

use super::follow::follow;
use super::{DevArguments, executions, say};
use crate::aws::Api;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::serve;

/// Serves and follows a project until told to stop.
///
/// # Errors
/// When there is nothing at the path, or the server cannot be opened.
pub fn dev(arguments: &DevArguments) -> Result<Exit, Problem> {
    if !arguments.path.exists() {
        return Err(
            Problem::new(format!("there is no `{}`", arguments.path.display()))
                .next("give a directory with a template.yaml or *.asl.json files"),
        );
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Problem::new("no threads can be had").why(error))?;
    let exit = runtime.block_on(session(arguments));
    // A second signal does not wait for what is still open.
    runtime.shutdown_background();
    exit
}

async fn session(arguments: &DevArguments) -> Result<Exit, Problem> {
    let no_signals = |error: std::io::Error| Problem::new("signals cannot be received").why(error);
    let mut interrupt = signal(SignalKind::interrupt()).map_err(no_signals)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(no_signals)?;
    let directory = data_directory(arguments);
    let data = match &directory {
        Some(directory) => Data::Directory(directory.clone()),
        None => Data::Ephemeral,
    };
    let server = Server::open(Configuration {
        port: arguments.port,
        clock: arguments.clock.server_kind(),
        mocks: arguments
            .mock
            .as_deref()
            .map(serve::mock_file)
            .transpose()?,
        mock_path: arguments.mock.clone(),
        wait_scale: arguments.wait_time_scale,
        mail: arguments.mail.server(),
        remotes: serve::remotes(arguments.config.as_deref(), &arguments.endpoints)?,
        ..Configuration::new(data)
    });
    let server = server
        .await
        .map_err(|error| serve::told(&error, arguments.port))?;
    if let Some(directory) = &directory {
        keep_out_of_git(directory);
    }
    let endpoint = format!("http://{}", server.address());
    let api = api(&endpoint, arguments.region.clone())?;
    say::heading(&endpoint, directory.as_deref());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = server.serve(async {
        // An end of the other side is a wish to stop, too.
        let _ = stopped.await;
    });
    tokio::pin!(serving);
    tokio::select! {
        () = &mut serving => return Ok(Exit::Ok),
        () = follow(arguments, &api, &endpoint) => {}
        () = executions::tell(&api), if !arguments.quiet => {}
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    anstream::eprintln!("stopping; what runs goes on with the next start");
    let _ = stop.send(());
    tokio::select! {
        () = &mut serving => Ok(Exit::Ok),
        _ = interrupt.recv() => Ok(Exit::Interrupted),
        _ = terminate.recv() => Ok(Exit::Interrupted),
    }
}

/// The API of our own server, for the region that the user's other tools would ask for.
fn api(endpoint: &str, region: Option<String>) -> Result<Api, Problem> {
    let chosen = Chosen {
        endpoint: Some(endpoint.to_owned()),
        profile: None,
        region,
    };
    let connection = Connection::resolve(&chosen, &Environment::of_process());
    let connection =
        connection.map_err(|error| Problem::new("the region is not clear").why(error))?;
    Api::new(connection)
}

fn data_directory(arguments: &DevArguments) -> Option<PathBuf> {
    if arguments.ephemeral {
        return None;
    }
    if let Some(data) = &arguments.data {
        return Some(data.clone());
    }
    let path = &arguments.path;
    let project = if path.is_dir() {
        Some(path.as_path())
    } else {
        path.parent()
    };
    Some(project.unwrap_or(Path::new(".")).join(".passo"))
}

/// Data is nothing to commit. Without the file, everything still works.
fn keep_out_of_git(directory: &Path) {
    let file = directory.join(".gitignore");
    if !file.exists() {
        let _ = fs::write(file, "*\n");
    }
}
