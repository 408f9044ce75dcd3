//! What the programs beside it share: the clock, the command line, and the Welcome into a large group.

use std::{fs, hint::black_box, path::PathBuf, process::Command};

/// `PROGRAM DIRECTORY SECONDS MEMBERS[,MEMBERS...]`
pub struct Arguments {
    pub directory: PathBuf,
    pub seconds: f64,
    pub members: Vec<usize>,
}

impl Arguments {
    pub fn read() -> Self {
        let words: Vec<String> = std::env::args().collect();
        assert!(words.len() == 4, "usage: {} DIRECTORY SECONDS MEMBERS[,MEMBERS...]", words[0]);
        Self {
            directory: PathBuf::from(&words[1]),
            seconds: words[2].parse().expect("SECONDS"),
            members: words[3].split(',').map(|n| n.parse().expect("MEMBERS")).collect(),
        }
    }

    /// Has Coppice make a group with a full tree whose first and last member are the clients of these two encoded
    /// KeyPackages, and returns the encoded Welcome for both. All implementations are so measured in the same tree.
    pub fn welcome(&self, members: usize, first: &[u8], last: &[u8]) -> Vec<u8> {
        let [a, b, out] = ["first.kp", "last.kp", "welcome"].map(|name| self.directory.join(name));
        fs::write(&a, first).unwrap();
        fs::write(&b, last).unwrap();
        let status = Command::new(std::env::var_os("BENCH_RUN").expect("BENCH_RUN: the path of bench/run"))
            .arg("welcome")
            .arg(members.to_string())
            .args([&a, &b, &out])
            .status()
            .unwrap();
        assert!(status.success());
        fs::read(&out).unwrap()
    }

    /// Prints `NAME<tab>MEMBERS<tab>MICROSECONDS<tab>TURNS`: the median of what this thread spends on a processor in
    /// `operation`, which gets what `prepare` makes outside of the measurement.
    pub fn measure<T, R>(
        &self,
        name: &str,
        members: usize,
        mut prepare: impl FnMut() -> T,
        mut operation: impl FnMut(T) -> R,
    ) {
        let warm = microseconds(libc::CLOCK_MONOTONIC) + self.seconds * 0.3e6;
        loop {
            black_box(operation(prepare()));
            if microseconds(libc::CLOCK_MONOTONIC) > warm {
                break;
            }
        }
        let mut turns = vec![];
        let end = microseconds(libc::CLOCK_MONOTONIC) + self.seconds * 1e6;
        while turns.len() < 3 || microseconds(libc::CLOCK_MONOTONIC) < end {
            let prepared = prepare();
            let start = microseconds(libc::CLOCK_THREAD_CPUTIME_ID);
            let result = operation(prepared);
            turns.push(microseconds(libc::CLOCK_THREAD_CPUTIME_ID) - start);
            black_box(result);
        }
        turns.sort_by(f64::total_cmp);
        println!("{name}\t{members}\t{:.1}\t{}", turns[turns.len() / 2], turns.len());
    }
}

fn microseconds(clock: libc::clockid_t) -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a timespec of this frame.
    assert_eq!(unsafe { libc::clock_gettime(clock, &mut time) }, 0);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}
