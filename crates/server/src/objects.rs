//! S3 as the gateway asks for it.

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::{Request, Response};
use passo_net::{Objects, Streamed};
use passo_s3::S3;
use passo_service::{BoxFuture, Caller, RequestId};

pub(crate) struct ObjectStorage(pub(crate) S3);

impl Objects for ObjectStorage {
    fn answer(
        &self,
        request: Request<Incoming>,
        caller: Caller,
        request_id: RequestId,
    ) -> BoxFuture<'_, Response<Streamed>> {
        Box::pin(async move {
            let response = self.0.answer(request, caller, &request_id).await;
            response.map(|body| body.boxed_unsync())
        })
    }
}
