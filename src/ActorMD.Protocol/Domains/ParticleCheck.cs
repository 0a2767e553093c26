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
            throw new InvalidDataException($"particle {id} has no place in this gas: do all nodes run the same case?");
        }
    }
}
