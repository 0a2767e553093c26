namespace ActorMD.Files.States;

/// <summary>Ids as LAMMPS wants them: from 1 on. Those of a frame that has its own stay, but for a 0 among them.</summary>
internal readonly struct LammpsIds(ParticleFrame frame)
{
    private readonly long[]? _ids = frame.Ids;
    private readonly long _shift = frame.Ids is [<= 0, ..] or null ? 1 : 0;

    public long this[int index] => (_ids?[index] ?? index) + _shift;
}
