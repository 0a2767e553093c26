namespace ActorMD.Files.States;

/// <summary>A format of particle files that is no text: the whole file is needed to read any of it.</summary>
internal interface IBinaryFormat
{
    /// <summary>Why frames cannot be written; null when they can.</summary>
    string? Obstacle(IReadOnlyList<ParticleFrame> frames);

    /// <summary>Writes frames that have no <see cref="Obstacle"/>.</summary>
    void Write(Stream stream, IReadOnlyList<ParticleFrame> frames, CancellationToken stop);

    /// <summary>The frames as the file has them; particles in the order of the file, with their ids.</summary>
    /// <param name="stream">The file; its position can be set.</param>
    /// <param name="species">Gets the species of the file.</param>
    /// <exception cref="InvalidDataException">What is wrong with the file.</exception>
    IEnumerable<ParticleFrame> Read(Stream stream, SpeciesTable species);
}
