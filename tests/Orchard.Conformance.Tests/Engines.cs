namespace Orchard.Conformance.Tests;

public sealed class InMemoryTests(InMemoryHost host) : Contract(host), IClassFixture<InMemoryHost>;

public sealed class SocketTests(SocketHost host) : Contract(host), IClassFixture<SocketHost>;

public sealed class RemoteTests(RemoteHost host) : Contract(host), IClassFixture<RemoteHost>;

public sealed class RealTests(RealHost host) : Contract(host), IClassFixture<RealHost>;
