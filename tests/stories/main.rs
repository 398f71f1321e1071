//! Every story, on the console and on a real homeserver: the same file, so the same transcript.

use std::path::Path;

use lamplighter_tests::story::{Where, check};

macro_rules! stories {
    ($($name:ident),* $(,)?) => {
        $(mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_the_console() -> Result<(), lamplighter_tests::Error> {
                check(&file(stringify!($name)), Where::Console).await
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_synapse() -> Result<(), lamplighter_tests::Error> {
                check(&file(stringify!($name)), Where::Synapse).await
            }
        })*

        #[test]
        fn every_story_file_is_played() -> Result<(), lamplighter_tests::Error> {
            let mut found = Vec::new();
            for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("stories"))? {
                let path = entry?.path();
                if path.extension().is_some_and(|extension| extension == "story") {
                    found.push(path.file_stem().unwrap_or_default().to_string_lossy().into_owned());
                }
            }
            found.sort();
            assert_eq!(found, [$(stringify!($name)),*]);
            Ok(())
        }
    };
}

fn file(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("stories").join(format!("{name}.story"))
}

// In alphabetical order.
stories!(
    activity, digest, elder, help, party, planned, points, poll, practice, privacy, proxy, quiet, reminder, room,
    room_life, task, tongue, trail, voice, wish
);
