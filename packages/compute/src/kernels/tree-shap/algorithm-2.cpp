// Path-dependent tree SHAP as published: Algorithm 2 of Lundberg, Erion, Lee, "Consistent individualized feature
// attribution for tree ensembles", arXiv:1802.03888. Written from the paper, for tree-shap.bench.ts to measure beside.
#include <algorithm>
#include <vector>

namespace {

// One player of the path: the share of subsets that flow on without it (z) and with it (o), and the weight of subsets.
struct Step {
  int feature;
  double z, o, w;
};

struct Trees {
  const int *column, *left, *right;
  const float *threshold;
  const double *cover, *value;
};

void extend(Step *m, int length, double z, double o, int feature) {
  m[length] = {feature, z, o, length == 0 ? 1.0 : 0.0};
  for (int i = length - 1; i >= 0; i--) {
    m[i + 1].w += o * m[i].w * (i + 1) / (length + 1);
    m[i].w = z * m[i].w * (length - i) / (length + 1);
  }
}

void unwind(Step *m, int last, int index) {
  const double z = m[index].z, o = m[index].o;
  double next = m[last].w;
  for (int j = last - 1; j >= 0; j--) {
    if (o != 0) {
      const double old = m[j].w;
      m[j].w = next * (last + 1) / ((j + 1) * o);
      next = old - m[j].w * z * (last - j) / (last + 1);
    } else {
      m[j].w = m[j].w * (last + 1) / (z * (last - j));
    }
  }
  for (int j = index; j < last; j++) {
    m[j].feature = m[j + 1].feature;
    m[j].z = m[j + 1].z;
    m[j].o = m[j + 1].o;
  }
}

// The sum of the weights that `unwind` would leave.
double unwoundSum(const Step *m, int last, int index) {
  const double z = m[index].z, o = m[index].o;
  double next = m[last].w, sum = 0;
  for (int j = last - 1; j >= 0; j--) {
    if (o != 0) {
      const double weight = next * (last + 1) / ((j + 1) * o);
      sum += weight;
      next = m[j].w - weight * z * (last - j) / (last + 1);
    } else {
      sum += m[j].w * (last + 1) / (z * (last - j));
    }
  }
  return sum;
}

void recurse(const Trees &t, const float *x, double *phi, int node, const Step *above, int length, double z, double o, int feature) {
  Step *m = const_cast<Step *>(above) + length;
  std::copy(above, above + length, m);
  extend(m, length, z, o, feature);
  int last = length;
  if (t.column[node] < 0) {
    for (int i = 1; i <= last; i++) phi[m[i].feature] += unwoundSum(m, last, i) * (m[i].o - m[i].z) * t.value[node];
    return;
  }
  const int asked = t.column[node];
  const bool goesLeft = x[asked] <= t.threshold[node];
  const int hot = goesLeft ? t.left[node] : t.right[node], cold = goesLeft ? t.right[node] : t.left[node];
  double oldZ = 1, oldO = 1;
  for (int k = 1; k <= last; k++) {
    if (m[k].feature != asked) continue;
    oldZ = m[k].z;
    oldO = m[k].o;
    unwind(m, last, k);
    last--;
    break;
  }
  recurse(t, x, phi, hot, m, last + 1, oldZ * t.cover[hot] / t.cover[node], oldO, asked);
  recurse(t, x, phi, cold, m, last + 1, oldZ * t.cover[cold] / t.cover[node], 0, asked);
}

}  // namespace

// x: float[rows][columns]; phi: double[rows][columns], added to.
extern "C" void explainTrees(const int *roots, int trees, const int *column, const int *left, const int *right,
                             const float *threshold, const double *cover, const double *value, int depth,
                             const float *x, int rows, int columns, double *phi) {
  const Trees t = {column, left, right, threshold, cover, value};
  std::vector<Step> path((depth + 2) * (depth + 3));
  for (int row = 0; row < rows; row++) {
    for (int tree = 0; tree < trees; tree++) {
      recurse(t, x + (long)row * columns, phi + (long)row * columns, roots[tree], path.data(), 0, 1, 1, -1);
    }
  }
}
