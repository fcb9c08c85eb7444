"""The rights of persons and the end of files: retention, holds, requests, erasures, copies."""
