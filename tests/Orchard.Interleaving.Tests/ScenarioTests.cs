using System.Globalization;
using Orchard.Interleaving.Scenarios;

namespace Orchard.Interleaving;

/// <summary>
/// What callers are promised holds in every order of steps that was tried. <c>ORCHARD_SCHEDULES</c> says how many per scenario,
/// <c>ORCHARD_SCHEDULE_SEED</c> with which to begin: a failure names the seed that repeats it.
/// </summary>
/// <remarks>The default is three times what the slowest mutant to be found needs.</remarks>
[Collection(OneAtATime.Name)]
public sealed class ScenarioTests
{
    private static readonly int Schedules = Number("ORCHARD_SCHEDULES") ?? 2_500;
    private static readonly int FirstSeed = Number("ORCHARD_SCHEDULE_SEED") ?? 1;

    [Fact]
    public void CallersCancel_OneLoadAtATimeAndNobodyElseIsCancelled() => Explore(new CallersCancel());

    [Fact]
    public void LoadFails_EveryWaiterHearsAndTheNextCallLoads() => Explore(new LoadFails());

    [Fact]
    public void CallerBlocks_HoldsUpNobodyElse() => Explore(new CallerBlocks());

    [Fact]
    public void UnloadMeetsUse_NothingIsTakenFromUnderAUser() => Explore(new UnloadMeetsUse());

    [Fact]
    public void EngineDies_EveryCallEndsAndTheNextOneWorks() => Explore(new EngineDies());

    [Fact]
    public void StaleEvent_DoesNotEndTheNextLoad() => Explore(new StaleEvent());

    [Fact]
    public void DisposeMeetsEverything_EveryCallEndsAndNothingRuns() => Explore(new DisposeMeetsEverything());

    [Fact]
    public void ConnectionEnds_EveryCallEndsWithTheReasonAndTheEngineIsUsedFurther() => Explore(new ConnectionEnds());

    [Fact]
    public void ClientStops_ItsCallsEndAndNobodyElseNotices() => Explore(new ClientStops());

    [Fact]
    public void DisposeMeetsConnect_NoRegistrationIsLost() => Explore(new DisposeMeetsConnect());

    [Fact]
    public void RequestsMeetTheEnd_NoneIsForgotten() => Explore(new RequestsMeetTheEnd());

    private static void Explore(Scenario scenario)
    {
        if (Explorer.Explore(scenario, FirstSeed, Schedules) is { } failure)
        {
            Assert.Fail(failure);
        }
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
