//! Work that keeps a processor for long: rankings, plans, workbooks, pictures. It is done off the threads that serve
//! requests, and little of it at a time: what is quick stays quick, however much of this is asked for.

use crate::error::{Error, Result};
use std::{sync::Arc, thread::available_parallelism, time::Duration};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

const LONGEST_WAIT: Duration = Duration::from_secs(10);

pub struct Desk {
    places: Arc<Semaphore>,
}

impl Default for Desk {
    /// One place for every two processors.
    fn default() -> Desk {
        let processors = available_parallelism().map_or(1, usize::from);
        Desk { places: Arc::new(Semaphore::new((processors / 2).max(1))) }
    }
}

impl Desk {
    /// A place, before anything is read that takes much memory.
    ///
    /// # Errors
    /// `Busy` when none became free within ten seconds.
    pub async fn place(&self) -> Result<Place> {
        let place = timeout(LONGEST_WAIT, Arc::clone(&self.places).acquire_owned());
        let permit = place.await.map_err(|_| Error::busy())?.map_err(Error::internal)?;
        Ok(Place { _permit: permit })
    }
}

/// Kept until the work is done, or nobody waits for it any more.
pub struct Place {
    _permit: OwnedSemaphorePermit,
}

impl Place {
    /// What has begun ends, also when nobody waits for it any more.
    ///
    /// # Errors
    /// When it panics.
    pub async fn work<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let worked = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(self);
            done
        });
        worked.await.map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_place_is_taken_until_its_work_is_done() {
        let desk = Desk { places: Arc::new(Semaphore::new(1)) };
        let (place, free) = (desk.place().await.unwrap(), || desk.places.available_permits());
        assert_eq!(free(), 0);
        assert!(timeout(Duration::from_millis(1), desk.place()).await.is_err());
        assert_eq!(place.work(|| 2).await.unwrap(), 2);
        assert_eq!(free(), 1);
        assert!(desk.place().await.unwrap().work(|| panic!("planned")).await.is_err());
        assert_eq!(free(), 1);
    }
}
