using ActorMD.Cli.Clusters;

namespace ActorMD.Cli.Tests.Launch;

/// <summary>A test that needs Open MPI; skipped, visibly, where that is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MpiFactAttribute : FactAttribute
{
    public MpiFactAttribute()
    {
        if (new MpiLauncher().Missing is { } missing)
        {
            Skip = missing;
        }
    }
}

/// <summary>A test that needs Open MPI and the right to mount disks and to make networks.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PrivilegedMpiFactAttribute : FactAttribute
{
    public PrivilegedMpiFactAttribute() => Skip = new MpiLauncher().Missing ?? Privileges.Missing;
}

/// <summary>Like <see cref="MpiFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MpiTheoryAttribute : TheoryAttribute
{
    public MpiTheoryAttribute()
    {
        if (new MpiLauncher().Missing is { } missing)
        {
            Skip = missing;
        }
    }
}
