using System.Runtime.ExceptionServices;

namespace ActorMD.Engine.Execution;

/// <summary>One work in equal parts for a team of threads, and what went wrong in them.</summary>
/// <param name="team">The threads.</param>
/// <param name="count">Number of parts of every work.</param>
internal sealed class WorkParts(IWorkTeam team, int count)
{
    private readonly Exception?[] _faults = new Exception?[count];

    /// <summary>The caller's thread alone.</summary>
    public static WorkParts One { get; } = new(SerialTeam.Instance, 1);

    /// <summary>Number of parts of every work.</summary>
    public int Count => count;

    /// <summary>The first of so many things that belongs to a part.</summary>
    public int FirstOf(int things, int part) => (int)((long)things * part / count);

    /// <summary>Does all parts and waits for them.</summary>
    /// <exception cref="SharingConflictException">The first that any part has thrown; any other exception goes before it.</exception>
    public void Run(Action<int> work)
    {
        team.Run(count, part => Do(work, part));
        Exception? first = _faults.FirstOrDefault(f => f is not null and not SharingConflictException)
            ?? _faults.FirstOrDefault(f => f is not null);
        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    private void Do(Action<int> work, int part)
    {
        _faults[part] = null;
        try
        {
            work(part);
        }
        catch (Exception fault)
        {
            _faults[part] = fault;
        }
    }
}
