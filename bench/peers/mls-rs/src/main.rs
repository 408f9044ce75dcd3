//! mls-rs with AWS-LC, in memory: the operations of `bench/run`, suite 1.

use meter::Arguments;
use mls_rs::client_builder::MlsConfig;
use mls_rs::identity::basic::{BasicCredential, BasicIdentityProvider};
use mls_rs::identity::SigningIdentity;
use mls_rs::{CipherSuite, CipherSuiteProvider, Client, CryptoProvider, Group, MlsMessage};
use mls_rs_crypto_awslc::AwsLcCryptoProvider;

const SUITE: CipherSuite = CipherSuite::CURVE25519_AES128;

fn client(name: &str) -> Client<impl MlsConfig> {
    let provider = AwsLcCryptoProvider::default();
    let (secret, public) = provider.cipher_suite_provider(SUITE).unwrap().signature_key_generate().unwrap();
    let credential = BasicCredential::new(name.as_bytes().to_vec()).into_credential();
    Client::builder()
        .identity_provider(BasicIdentityProvider)
        .crypto_provider(provider)
        .signing_identity(SigningIdentity::new(credential, public), secret, SUITE)
        .build()
}

fn key_package<C: MlsConfig>(client: &Client<C>) -> MlsMessage {
    client.generate_key_package_message(Default::default(), Default::default(), None).unwrap()
}

fn create<C: MlsConfig>(client: &Client<C>) -> Group<C> {
    client.group_builder().unwrap().build().unwrap()
}

fn join<C: MlsConfig>(client: &Client<C>, welcome: &[u8]) -> Group<C> {
    client.join_group(None, &MlsMessage::from_bytes(welcome).unwrap(), None).unwrap().0
}

/// The encoded Welcome of the commit that adds this one; the commit is left pending.
fn add<C: MlsConfig>(group: &mut Group<C>, key_package: MlsMessage) -> Vec<u8> {
    let commit = group.commit_builder().add_member(key_package).unwrap().build().unwrap();
    commit.welcome_messages[0].to_bytes().unwrap()
}

fn commit<C: MlsConfig>(group: &mut Group<C>) -> Vec<u8> {
    let message = group.commit(vec![]).unwrap().commit_message.to_bytes().unwrap();
    group.apply_pending_commit().unwrap();
    message
}

fn process<C: MlsConfig>(group: &mut Group<C>, message: &[u8]) {
    group.process_incoming_message(MlsMessage::from_bytes(message).unwrap()).unwrap();
}

fn encrypt<C: MlsConfig>(group: &mut Group<C>, data: &[u8]) -> Vec<u8> {
    group.encrypt_application_message(data, vec![]).unwrap().to_bytes().unwrap()
}

/// The first and the last member of a full tree; both have committed last.
fn pair<A: MlsConfig, B: MlsConfig>(
    arguments: &Arguments,
    first: &Client<A>,
    last: &Client<B>,
    members: usize,
) -> (Group<A>, Group<B>) {
    let (mut a, mut b);
    if members == 2 {
        a = create(first);
        let welcome = add(&mut a, key_package(last));
        a.apply_pending_commit().unwrap();
        b = join(last, &welcome);
    } else {
        let [ka, kb] = [key_package(first), key_package(last)].map(|k| k.to_bytes().unwrap());
        let welcome = arguments.welcome(members, &ka, &kb);
        a = join(first, &welcome);
        b = join(last, &welcome);
    }
    process(&mut a, &commit(&mut b));
    process(&mut b, &commit(&mut a));
    (a, b)
}

fn main() {
    let arguments = Arguments::read();
    let data = vec![0u8; 1024];
    for &n in &arguments.members {
        let (first, last) = (client("first"), client("last"));
        {
            let (mut a, _) = pair(&arguments, &first, &last, n);
            arguments.measure("encrypt 1 KiB", n, || (), |_| encrypt(&mut a, &data));
        }
        {
            let (mut a, mut b) = pair(&arguments, &first, &last, n);
            arguments.measure("decrypt 1 KiB", n, || encrypt(&mut a, &data), |m| process(&mut b, &m));
        }
        {
            let (mut a, _) = pair(&arguments, &first, &last, n);
            arguments.measure("empty commit", n, || (), |_| commit(&mut a));
        }
        {
            let (mut a, mut b) = pair(&arguments, &first, &last, n);
            arguments.measure("process it", n, || commit(&mut a), |m| process(&mut b, &m));
        }
        {
            let joiner = client("joiner");
            let mut a = if n == 2 { create(&first) } else { pair(&arguments, &first, &last, n - 1).0 };
            let welcome = add(&mut a, key_package(&joiner));
            arguments.measure("join by Welcome", n, || (), |_| join(&joiner, &welcome));
        }
        {
            let others: Vec<_> = (1..n).map(|i| key_package(&client(&format!("member-{i}")))).collect();
            arguments.measure(
                "create and add all",
                n,
                || others.clone(),
                |others| {
                    let mut group = create(&first);
                    let mut builder = group.commit_builder();
                    for other in others {
                        builder = builder.add_member(other).unwrap();
                    }
                    let commit = builder.build().unwrap();
                    let welcomes: Vec<_> = commit.welcome_messages.iter().map(|w| w.to_bytes().unwrap()).collect();
                    group.apply_pending_commit().unwrap();
                    (group, welcomes)
                },
            );
        }
    }
}
