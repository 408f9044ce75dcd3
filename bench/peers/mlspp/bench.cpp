// mlspp with OpenSSL, in memory: the operations of `bench/run`, suite 1. Usage: bench DIRECTORY SECONDS MEMBERS[,MEMBERS...]

#include <hpke/random.h>
#include <mls/common.h>
#include <mls/state.h>
#include <tls/tls_syntax.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

using namespace mls;

namespace {

const CipherSuite suite{ CipherSuite::ID::X25519_AES128GCM_SHA256_Ed25519 };

bytes
fresh_secret()
{
  return hpke::random_bytes(suite.secret_size());
}

struct Client
{
  SignaturePrivateKey signature = SignaturePrivateKey::generate(suite);
  Credential credential;

  explicit Client(const std::string& name)
    : credential(Credential::basic(from_ascii(name)))
  {
  }

  LeafNode leaf(const HPKEPrivateKey& key) const
  {
    return { suite, key.public_key, signature.public_key, credential, Capabilities::create_default(),
             Lifetime::create_default(), {}, signature };
  }
};

struct Keys
{
  HPKEPrivateKey init = HPKEPrivateKey::generate(suite);
  HPKEPrivateKey encryption = HPKEPrivateKey::generate(suite);
  KeyPackage package;

  explicit Keys(const Client& client)
    : package(suite, init.public_key, client.leaf(encryption), {}, client.signature)
  {
  }
};

const MessageOpts encrypted{ true, {}, 0 };

bytes
encode(const MLSMessage& message)
{
  return tls::marshal(message);
}

MLSMessage
decode(const bytes& message)
{
  return tls::get<MLSMessage>(message);
}

State
create(const Client& client)
{
  auto key = HPKEPrivateKey::generate(suite);
  return { from_ascii("group"), suite, key, client.signature, client.leaf(key), {} };
}

State
join(const Client& client, const Keys& keys, const bytes& welcome)
{
  auto message = decode(welcome);
  return { keys.init, keys.encryption, client.signature, keys.package, var::get<Welcome>(message.message),
           std::nullopt, {} };
}

/// Moves the group to the epoch of its own commit, which adds these, and returns the Welcome.
bytes
add(State& group, const std::vector<KeyPackage>& packages)
{
  CommitOpts options{ {}, true, false, {} };
  for (const auto& package : packages) {
    options.extra_proposals.push_back(group.add_proposal(package));
  }
  auto [message, welcome, next] = group.commit(fresh_secret(), options, encrypted);
  auto out = encode(welcome);
  group = std::move(next);
  return out;
}

bytes
commit(State& group)
{
  auto [message, welcome, next] = group.commit(fresh_secret(), CommitOpts{ {}, true, true, {} }, encrypted);
  auto out = encode(message);
  group = std::move(next);
  return out;
}

void
process(State& group, const bytes& message)
{
  group = *group.handle(decode(message));
}

double
microseconds(clockid_t clock)
{
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

/// Prints the median of what this thread spends on a processor in an operation, without its preparation.
template<class Prepare, class Operation>
void
measure(const char* name, int members, double seconds, Prepare prepare, Operation operation)
{
  auto warm = microseconds(CLOCK_MONOTONIC) + seconds * 0.3e6;
  do {
    auto prepared = prepare();
    operation(prepared);
  } while (microseconds(CLOCK_MONOTONIC) < warm);
  std::vector<double> turns;
  auto end = microseconds(CLOCK_MONOTONIC) + seconds * 1e6;
  do {
    auto prepared = prepare();
    auto start = microseconds(CLOCK_THREAD_CPUTIME_ID);
    operation(prepared);
    turns.push_back(microseconds(CLOCK_THREAD_CPUTIME_ID) - start);
  } while (turns.size() < 3 || microseconds(CLOCK_MONOTONIC) < end);
  std::sort(turns.begin(), turns.end());
  std::printf("%s\t%d\t%.1f\t%zu\n", name, members, turns[turns.size() / 2], turns.size());
  std::fflush(stdout);
}

void
write(const std::string& file, const bytes& data)
{
  std::ofstream(file, std::ios::binary).write(reinterpret_cast<const char*>(data.data()),
                                              static_cast<std::streamsize>(data.size()));
}

bytes
read(const std::string& file)
{
  std::ifstream in(file, std::ios::binary);
  return bytes(std::vector<uint8_t>(std::istreambuf_iterator<char>(in), {}));
}

/// A Welcome for both into a group with a full tree, which Coppice makes.
bytes
welcome(int members, const Keys& first, const Keys& last, const std::string& directory)
{
  auto a = directory + "/first.kp";
  auto b = directory + "/last.kp";
  auto out = directory + "/welcome";
  write(a, encode(first.package));
  write(b, encode(last.package));
  const char* run = std::getenv("BENCH_RUN");
  if (run == nullptr) {
    throw std::runtime_error("BENCH_RUN: the path of bench/run");
  }
  auto command = "'" + std::string(run) + "' welcome " + std::to_string(members) + " '" + a + "' '" + b + "' '" + out + "'";
  if (std::system(command.c_str()) != 0) {
    throw std::runtime_error(command);
  }
  return read(out);
}

struct Pair
{
  State first;
  State last;
};

/// The first and the last member of a full tree; both have committed last.
Pair
pair(const Client& first, const Client& last, int members, const std::string& directory)
{
  auto settled = [](State a, State b) {
    process(a, commit(b));
    process(b, commit(a));
    return Pair{ std::move(a), std::move(b) };
  };
  Keys b(last);
  if (members == 2) {
    auto group = create(first);
    auto message = add(group, { b.package });
    return settled(group, join(last, b, message));
  }
  Keys a(first);
  auto message = welcome(members, a, b, directory);
  return settled(join(first, a, message), join(last, b, message));
}

void
measure_all(int n, double seconds, const std::string& directory)
{
  Client first("first");
  Client last("last");
  bytes data(1024);
  auto nothing = [] { return 0; };
  {
    auto group = pair(first, last, n, directory).first;
    measure("encrypt 1 KiB", n, seconds, nothing, [&](int) { encode(group.protect({}, data, 0)); });
  }
  {
    auto both = pair(first, last, n, directory);
    measure(
      "decrypt 1 KiB", n, seconds, [&] { return encode(both.first.protect({}, data, 0)); },
      [&](bytes& message) { both.last.unprotect(decode(message)); });
  }
  {
    auto group = pair(first, last, n, directory).first;
    measure("empty commit", n, seconds, nothing, [&](int) { commit(group); });
  }
  {
    auto both = pair(first, last, n, directory);
    measure(
      "process it", n, seconds, [&] { return commit(both.first); },
      [&](bytes& message) { process(both.last, message); });
  }
  {
    Client joiner("joiner");
    Keys keys(joiner);
    auto group = n == 2 ? create(first) : pair(first, last, n - 1, directory).first;
    auto message = add(group, { keys.package });
    measure("join by Welcome", n, seconds, nothing, [&](int) { join(joiner, keys, message); });
  }
  {
    std::vector<KeyPackage> others;
    for (int i = 1; i < n; i++) {
      others.push_back(Keys(Client("member-" + std::to_string(i))).package);
    }
    measure("create and add all", n, seconds, nothing, [&](int) {
      auto group = create(first);
      add(group, others);
    });
  }
}

} // namespace

int
main(int count, char** words)
{
  if (count != 4) {
    std::fprintf(stderr, "usage: %s DIRECTORY SECONDS MEMBERS[,MEMBERS...]\n", words[0]);
    return 2;
  }
  std::stringstream members(words[3]);
  for (std::string n; std::getline(members, n, ',');) {
    measure_all(std::stoi(n), std::stod(words[2]), words[1]);
  }
  return 0;
}
