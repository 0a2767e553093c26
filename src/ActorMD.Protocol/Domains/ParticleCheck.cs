using ActorMD.Engine.Sharing.Nodes;
using ActorMD.Physics;

namespace ActorMD.Protocol.Domains;

/// <summary>Refuses particles that have no place in a gas: the event loop trusts these numbers blindly.</summary>
internal static class ParticleCheck
{
    /// <exception cref="InvalidDataException">The particle has no place in the gas.</exception>
    public static void Check(Gas gas, int id, in ParticleState state)
    {
        if ((uint)state.Kind >= (uint)gas.Kinds.Length || id < 0 || !state.Position.IsFinite || !state.Velocity.IsFinite)
        {
            throw NoPlace(id);
        }
    }

    /// <exception cref="InvalidDataException">A flight ends nowhere, or the particle flies on without a velocity.</exception>
    public static void Check(BlockReport report)
    {
        foreach (ref readonly CutFlight flight in report.Flights.AsSpan())
        {
            if (!flight.Velocity.IsFinite)
            {
                throw NoPlace(flight.Id);
            }
        }

        foreach (ref readonly CutPlace place in report.Places.AsSpan())
        {
            if (!place.Position.IsFinite)
            {
                throw NoPlace(report.Flights[place.Flight].Id);
            }
        }
    }

    public static InvalidDataException NoPlace(int id) => new($"particle {id} has no place in this gas: do all nodes run the same case?");
}
