//! A web server that knows no Matrix, for whoever is given the wrong port.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::Result;

/// What it answers to everything.
const PAGE: &str = "<html>Welcome to the printer</html>";
/// As much of a request is read at once; what it says doesn't matter.
const REQUEST_BYTES: usize = 4096;

/// Starts one and gives its address. It goes with the runtime that it is started in.
pub async fn start() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let length = PAGE.len();
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length";
            // A caller that hangs up early is the caller's business.
            let _ = stream.read(&mut [0; REQUEST_BYTES]).await;
            let _ = stream.write_all(format!("{head}: {length}\r\n\r\n{PAGE}").as_bytes()).await;
        }
    });
    Ok(url)
}
