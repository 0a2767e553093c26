using ActorMD.Physics;
using ActorMD.Protocol.Coordination;
using ActorMD.Protocol.Messages;

namespace ActorMD.Simulation;

/// <summary>Compares the sums that domains make with the particles of the same moment, to the last bit.</summary>
internal sealed class SumsCheck(Gas gas)
{
    private (double Time, SumsRecord Sums)? _last;

    /// <summary>Waypoints that were gone past.</summary>
    public long PassedCount { get; private set; }

    /// <summary>Takes the waypoints that were gone past: nothing is missing there, and energy is conserved.</summary>
    /// <param name="client">Knows them.</param>
    /// <returns>What is wrong; null if nothing is.</returns>
    public string? TakePassed(ClientCore client)
    {
        const double Rounding = 1e-9;
        VelocitySums state = VelocitySums.Of(gas, client.State);
        while (client.TryTakePassed(out PassedWaypoint? passed))
        {
            VelocitySums sums = new(gas);
            passed.Sums.AddTo(sums);
            if (sums.Count != state.Count || !(Math.Abs(sums.Energy - state.Energy) <= Rounding * state.Energy))
            {
                return $"{sums.Count} particles have energy {sums.Energy:R} at {passed.Time:R}, {state.Count} had {state.Energy:R}";
            }

            PassedCount++;
        }

        return null;
    }

    /// <summary>Takes an answer: sums are kept until the state of their time comes.</summary>
    /// <returns>Whether the sums before it are those of the state; true for an answer that is sums.</returns>
    public bool Take(ClientCore client)
    {
        if (client.Sums is { } sums)
        {
            _last = (client.Time, sums);
            return true;
        }

        SumsRecord own = SumsRecord.Of(VelocitySums.Of(gas, client.State));
        return _last is not { } last || last.Time != client.Time
            || (last.Sums.Counts.SequenceEqual(own.Counts) && last.Sums.Words.SequenceEqual(own.Words));
    }
}
