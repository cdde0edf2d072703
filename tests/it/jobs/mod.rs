mod leases;
mod retention;
