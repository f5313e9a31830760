using Microsoft.Extensions.AI;
using Orchard.Server.Tests;
using Orchard.Server.Tests.Conformance;

namespace Orchard.Server.Responses.Tests;

/// <summary>The same answers through the Responses API.</summary>
public sealed class ResponsesAnswersTests(ResponsesHost host) : SameAnswersContract(host), IClassFixture<ResponsesHost>
{
    protected override IReadOnlyCollection<string> Unsupported => ["penalties", "sampled", "stop"];

    // A whole response has no finish reason, and an incomplete stream no token counts.
    protected override bool HasAllFacts => false;
}

public sealed class ResponsesHost(EngineFixture engine)
    : HttpHost(engine, client => client.GetResponsesClient().AsIChatClient("starter"));
