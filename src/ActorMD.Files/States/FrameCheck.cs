using ActorMD.Physics;

namespace ActorMD.Files;

/// <summary>Whether the particles of a file are those of a case.</summary>
public static class FrameCheck
{
    internal static int[]? MatchSpecies(ParticleFrame frame, Gas gas) => throw new NotSupportedException();
}
