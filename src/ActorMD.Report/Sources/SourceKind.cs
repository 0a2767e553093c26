namespace ActorMD.Report.Sources;

/// <summary>Which command has written a folder.</summary>
internal enum SourceKind
{
    /// <summary><c>run</c>: one system of particles.</summary>
    Run,

    /// <summary><c>ensemble</c>: replicas.</summary>
    Ensemble,

    /// <summary><c>boltzmann</c>: a solution of the kinetic equation.</summary>
    Kinetic,

    /// <summary><c>hierarchy</c>: a Duhamel series.</summary>
    Hierarchy,

    /// <summary><c>converge</c>: a study of convergence or of moments.</summary>
    Study,
}
