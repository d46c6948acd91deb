namespace Tweedie.Web.Contracts;

/// <summary>The answer to a request about a model.</summary>
/// <param name="Id">The request's own number.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The beginning of the SHA-256 of its weights.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Seconds">The time from the request to its answer.</param>
/// <param name="Results">A result for each image, text or row.</param>
internal sealed record Answer<T>(string Id, string Model, string Version, long Seed, double Seconds, IReadOnlyList<T> Results);

/// <summary>What an image shows.</summary>
/// <param name="Answers">The most probable classes, best first.</param>
/// <param name="Steps">Steps that were taken; 0 where a head read the classes off.</param>
/// <param name="IsCalibrated">Whether the probabilities are calibrated for the setting.</param>
internal sealed record ClassResult(IReadOnlyList<ClassShare> Answers, int Steps, bool IsCalibrated);

/// <summary>A class with its probability.</summary>
internal sealed record ClassShare(string Class, double Probability);

/// <summary>A caption, a text or a row.</summary>
/// <param name="Steps">Steps that were taken.</param>
/// <param name="Tokens">The text of each place.</param>
/// <param name="Text">The caption or the text; null for a row.</param>
/// <param name="Candidates">Of several draws, all; the text is the chosen one.</param>
/// <param name="Entries">The entry of each place of a row; null for others.</param>
internal sealed record TokenResult(int Steps, IReadOnlyList<string> Tokens, string? Text = null, IReadOnlyList<Candidate>? Candidates = null, IReadOnlyList<string>? Entries = null);

/// <summary>One of several draws.</summary>
internal sealed record Candidate(string Text);

/// <summary>How likely something is to a model.</summary>
/// <param name="Nats">−log p, or the bound of it.</param>
/// <param name="Tokens">The tokens that the nats are of.</param>
/// <param name="NatsPerToken">Nats / tokens.</param>
/// <param name="BitsPerCharacter">Bits / characters of a text; null for rows.</param>
/// <param name="StandardError">That of the nats, where they are estimated from noise; 0 where they are exact.</param>
/// <param name="IsBound">Whether the nats are an upper bound.</param>
internal sealed record ScoreResult(double Nats, int Tokens, double NatsPerToken, double? BitsPerCharacter, double StandardError, bool IsBound);
