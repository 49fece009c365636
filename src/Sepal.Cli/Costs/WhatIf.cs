using System.Collections.Immutable;
using Sepal.Costs.WhatIf;

namespace Sepal.Cli.Costs;

/// <summary>What changes of a model would cost.</summary>
/// <param name="Model">The model as it is.</param>
/// <param name="Separation">With separable convolutions; null where not asked for.</param>
/// <param name="Deeper">With more layers for the saving; empty where not asked for.</param>
/// <param name="Scaled">At other widths and resolutions; empty where not asked for.</param>
internal sealed record WhatIf(
    CountedModel Model, Separation? Separation, ImmutableArray<DeeperModel> Deeper, ImmutableArray<ScaledModel> Scaled);
