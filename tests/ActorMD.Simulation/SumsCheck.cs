using ActorMD.Physics;
using ActorMD.Protocol.Coordination;
using ActorMD.Protocol.Messages;

namespace ActorMD.Simulation;

/// <summary>Compares the sums that domains make with the particles of the same moment, to the last bit.</summary>
internal sealed class SumsCheck(Gas gas)
{
    private (double Time, SumsRecord Sums)? _last;

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
