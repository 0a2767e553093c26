using ActorMD.Engine;
using ActorMD.Physics;
using ActorMD.Simulation;

namespace ActorMD.Protocol.Tests;

/// <summary>
/// Gases whose clock shows 10^12 units. A clock of one number would go on in steps of 1.2e-4 there; times are counted from the beginning
/// of an epoch, so that all is as it was at time 0.
/// </summary>
public class LongClockTests
{
    private const double Late = 1e12;

    // A moment that a number near 10^12 can name.
    private const double NamedStep = 1.0 / 1024;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(10)]
    [InlineData(24)] // one domain computes all
    public void After_a_million_million_units_a_gas_moves_as_at_the_beginning_at_any_split(ulong seed)
    {
        RandomCase @case = new(seed, eventCount: 400, countMax: 160, domainCountMax: 8);
        SystemState young = new(@case.Initial.Particles, Math.ScaleB(@case.Initial.EpochLength, -3)); // so that some end
        long epochs = (long)Math.Ceiling(Late / young.EpochLength);
        double begin = epochs * young.EpochLength, span = Math.Ceiling(@case.EndTime / NamedStep) * NamedStep;
        Assert.True(begin + span - begin == span && begin + 1e-5 == begin);
        SystemState old = new(young.Particles, young.EpochLength, epochs);

        using Simulator first = new(@case.Gas, young), later = new(@case.Gas, old);
        first.Advance(span);
        later.Advance(begin + span);
        SystemState atEnd = first.Capture(), late = later.Capture();
        Assert.True(first.Tally.EventCount > 100 && atEnd.Epoch > 0, $"{first.Tally.EventCount} events in {atEnd.Epoch} epochs: {@case}");
        Assert.Equal((atEnd.Epoch + epochs, atEnd.Time), (late.Epoch, late.Time));
        Assert.Equal(
            StateDigest.Of(atEnd), StateDigest.Of(new SystemState(late.Particles, late.EpochLength, late.Epoch - epochs, late.Time)));
        Assert.Equal(first.Tally.Virial.Export(), later.Tally.Virial.Export());

        using SynchronousCluster split = new(
            @case.Gas, old, null, @case.DomainCount, @case.LogsEvents);
        split.Advance(begin + span);
        TrajectoryTests.AssertSame(late, later.Tally, split.Client, @case.ToString());
    }
}
