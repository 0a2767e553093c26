namespace ActorMD.Cli.Tests.Launch;

/// <summary>What a process may do to the machine.</summary>
internal static class Privileges
{
    private const ulong NetworkAndSystemAdministration = (1UL << 12) | (1UL << 21); // linux/capability.h

    /// <summary>What keeps tests from mounting disks and making networks; null: nothing.</summary>
    public static string? Missing
    {
        get
        {
            string? line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("CapEff:", StringComparison.Ordinal));
            bool hasRights = line is not null
                && (Convert.ToUInt64(line[7..].Trim(), 16) & NetworkAndSystemAdministration) == NetworkAndSystemAdministration;
            return hasRights ? null : "this process may not mount disks and make networks (CAP_SYS_ADMIN, CAP_NET_ADMIN)";
        }
    }
}

/// <summary>A test, with data, that needs the right to make networks.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PrivilegedTheoryAttribute : TheoryAttribute
{
    public PrivilegedTheoryAttribute() => Skip = Privileges.Missing;
}
