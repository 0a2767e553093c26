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
    private const ulong NetworkAndSystemAdministration = (1UL << 12) | (1UL << 21); // linux/capability.h

    public PrivilegedMpiFactAttribute() => Skip = new MpiLauncher().Missing
        ?? (HasRights ? null : "this process may not mount disks and make networks (CAP_SYS_ADMIN, CAP_NET_ADMIN)");

    private static bool HasRights
    {
        get
        {
            string? line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("CapEff:", StringComparison.Ordinal));
            return line is not null
                && (Convert.ToUInt64(line[7..].Trim(), 16) & NetworkAndSystemAdministration) == NetworkAndSystemAdministration;
        }
    }
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
