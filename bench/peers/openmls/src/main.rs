//! OpenMLS with RustCrypto (which is faster here than its libcrux provider), storage in memory: the operations of
//! `bench/run`, suite 1.

use meter::Arguments;
use openmls::prelude::{tls_codec::*, *};
use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::OpenMlsRustCrypto;
use std::cell::RefCell;

const SUITE: Ciphersuite = Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

fn config() -> MlsGroupCreateConfig {
    MlsGroupCreateConfig::builder()
        .ciphersuite(SUITE)
        .use_ratchet_tree_extension(true)
        .wire_format_policy(PURE_CIPHERTEXT_WIRE_FORMAT_POLICY)
        .build()
}

struct Client {
    provider: OpenMlsRustCrypto,
    signer: SignatureKeyPair,
    credential: CredentialWithKey,
}

impl Client {
    fn new(name: &str) -> Self {
        let signer = SignatureKeyPair::new(SUITE.signature_algorithm()).unwrap();
        let credential = CredentialWithKey {
            credential: BasicCredential::new(name.as_bytes().to_vec()).into(),
            signature_key: signer.to_public_vec().into(),
        };
        Self { provider: OpenMlsRustCrypto::default(), signer, credential }
    }

    fn key_package(&self, last_resort: bool) -> KeyPackage {
        let builder = KeyPackage::builder();
        let builder = if last_resort { builder.mark_as_last_resort() } else { builder };
        let bundle = builder.build(SUITE, &self.provider, &self.signer, self.credential.clone()).unwrap();
        bundle.key_package().clone()
    }

    fn create(&self) -> MlsGroup {
        MlsGroup::new(&self.provider, &self.signer, &config(), self.credential.clone()).unwrap()
    }

    fn join(&self, welcome: &[u8]) -> MlsGroup {
        let MlsMessageBodyIn::Welcome(welcome) = MlsMessageIn::tls_deserialize_exact(welcome).unwrap().extract() else {
            panic!("no Welcome")
        };
        StagedWelcome::new_from_welcome(&self.provider, config().join_config(), welcome, None)
            .unwrap()
            .into_group(&self.provider)
            .unwrap()
    }

    /// The encoded Welcome of the commit that adds these; the commit is left pending.
    fn add(&self, group: &mut MlsGroup, key_packages: &[KeyPackage]) -> Vec<u8> {
        let (_, welcome, _) = group.add_members(&self.provider, &self.signer, key_packages).unwrap();
        welcome.tls_serialize_detached().unwrap()
    }

    fn merge(&self, group: &mut MlsGroup) {
        group.merge_pending_commit(&self.provider).unwrap();
    }

    fn commit(&self, group: &mut MlsGroup) -> Vec<u8> {
        let bundle = group.self_update(&self.provider, &self.signer, LeafNodeParameters::default()).unwrap();
        let message = bundle.into_commit().tls_serialize_detached().unwrap();
        self.merge(group);
        message
    }

    fn process(&self, group: &mut MlsGroup, message: &[u8]) {
        let message = MlsMessageIn::tls_deserialize_exact(message).unwrap().try_into_protocol_message().unwrap();
        match group.process_message(&self.provider, message).unwrap().into_content() {
            ProcessedMessageContent::StagedCommitMessage(commit) => {
                group.merge_staged_commit(&self.provider, *commit).unwrap();
            }
            ProcessedMessageContent::ApplicationMessage(message) => {
                std::hint::black_box(message.into_bytes());
            }
            _ => panic!("neither a commit nor an application message"),
        }
    }

    fn encrypt(&self, group: &mut MlsGroup, data: &[u8]) -> Vec<u8> {
        let message = group.create_message(&self.provider, &self.signer, data).unwrap();
        message.tls_serialize_detached().unwrap()
    }

    fn delete(&self, mut group: MlsGroup) {
        group.delete(self.provider.storage()).unwrap();
    }
}

/// The first and the last member of a full tree; both have committed last.
fn pair(arguments: &Arguments, first: &Client, last: &Client, members: usize) -> (MlsGroup, MlsGroup) {
    let (mut a, mut b);
    if members == 2 {
        a = first.create();
        let welcome = first.add(&mut a, &[last.key_package(false)]);
        first.merge(&mut a);
        b = last.join(&welcome);
    } else {
        let [ka, kb] =
            [first, last].map(|c| MlsMessageOut::from(c.key_package(false)).tls_serialize_detached().unwrap());
        let welcome = arguments.welcome(members, &ka, &kb);
        a = first.join(&welcome);
        b = last.join(&welcome);
    }
    first.process(&mut a, &last.commit(&mut b));
    last.process(&mut b, &first.commit(&mut a));
    (a, b)
}

fn main() {
    let arguments = Arguments::read();
    let data = vec![0u8; 1024];
    for &n in &arguments.members {
        // New clients for each line: a client's storage grows with the groups it has had.
        let fresh = || (Client::new("first"), Client::new("last"));
        {
            let (first, last) = fresh();
            let (mut a, _) = pair(&arguments, &first, &last, n);
            arguments.measure("encrypt 1 KiB", n, || (), |_| first.encrypt(&mut a, &data));
        }
        {
            let (first, last) = fresh();
            let (mut a, mut b) = pair(&arguments, &first, &last, n);
            arguments.measure("decrypt 1 KiB", n, || first.encrypt(&mut a, &data), |m| last.process(&mut b, &m));
        }
        {
            let (first, last) = fresh();
            let (mut a, _) = pair(&arguments, &first, &last, n);
            arguments.measure("empty commit", n, || (), |_| first.commit(&mut a));
        }
        {
            let (first, last) = fresh();
            let (mut a, mut b) = pair(&arguments, &first, &last, n);
            arguments.measure("process it", n, || first.commit(&mut a), |m| last.process(&mut b, &m));
        }
        {
            let (first, last) = fresh();
            let joiner = Client::new("joiner");
            let mut a = if n == 2 { first.create() } else { pair(&arguments, &first, &last, n - 1).0 };
            // Of the last resort, so that its keys are there for the next turn.
            let welcome = first.add(&mut a, &[joiner.key_package(true)]);
            let joined: RefCell<Option<MlsGroup>> = RefCell::new(None);
            arguments.measure(
                "join by Welcome",
                n,
                || joined.take().map(|group| joiner.delete(group)),
                |_| *joined.borrow_mut() = Some(joiner.join(&welcome)),
            );
        }
        {
            let first = Client::new("first");
            let others: Vec<_> = (1..n).map(|i| Client::new(&format!("member-{i}")).key_package(false)).collect();
            arguments.measure(
                "create and add all",
                n,
                || (),
                |_| {
                    let mut group = first.create();
                    let welcome = first.add(&mut group, &others);
                    first.merge(&mut group);
                    first.delete(group);
                    welcome
                },
            );
        }
    }
}
