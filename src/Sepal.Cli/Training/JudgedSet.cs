using System.Collections.Immutable;
using Sepal.Cli.Classification;

namespace Sepal.Cli.Training;

/// <summary>What the best model made of images that it was not trained on.</summary>
/// <param name="Name"><c>test</c> or <c>validation</c>.</param>
/// <param name="Confusion">What was taken for what.</param>
/// <param name="Mistakes">The worst mistakes.</param>
internal sealed record JudgedSet(string Name, ConfusionMatrix Confusion, ImmutableArray<MistakePicture> Mistakes);
