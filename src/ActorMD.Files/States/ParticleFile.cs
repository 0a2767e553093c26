using System.Collections.Immutable;
using ActorMD.Physics;

namespace ActorMD.Files;

/// <summary>What became of reading a particle file.</summary>
/// <param name="Frames">All frames in order; empty when there is a fault.</param>
/// <param name="Faults">Everything that is wrong, up to a limit.</param>
public sealed record ParticleFileLoad(ImmutableArray<ParticleFrame> Frames, ImmutableArray<InputFault> Faults);

/// <summary>Particle files: extended XYZ, LAMMPS dump, CSV, and ActorMD's own state, by suffix.</summary>
public static class ParticleFile
{
    /// <summary>Suffixes that can be read and written, for error messages.</summary>
    public const string Suffixes = ".extxyz, .xyz, .lammps, .csv or .state";

    /// <summary>Whether <see cref="Write(string, ParticleFrame)"/> knows the suffix.</summary>
    public static bool KnowsSuffix(string path) => throw new NotSupportedException();

    /// <summary>The suffix of a trajectory in this format.</summary>
    public static string SuffixOf(TrajectoryFormat format) => throw new NotSupportedException();

    /// <summary>Reads all frames. Never throws for what is wrong with the file.</summary>
    public static ParticleFileLoad Read(string path) => throw new NotSupportedException();

    /// <summary>Writes one frame, in one step: a reader sees the old file or the new one.</summary>
    /// <exception cref="InputFaultException">Unknown suffix, or the frame lacks what the format needs.</exception>
    public static void Write(string path, ParticleFrame frame) => Write(path, [frame]);

    /// <summary>Writes several frames; a state holds only one.</summary>
    /// <exception cref="InputFaultException">Unknown suffix, or the frames lack what the format needs.</exception>
    public static void Write(string path, IReadOnlyList<ParticleFrame> frames) => throw new NotSupportedException();

    /// <summary>Writes a state of a run; <c>.state</c> keeps it bit for bit.</summary>
    /// <exception cref="InputFaultException">Unknown suffix.</exception>
    public static void Write(string path, Gas gas, SystemState state) => throw new NotSupportedException();
}
