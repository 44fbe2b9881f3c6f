# The server with its dashboard and worker. Data lives in /data; give DATABASE_URL for a PostgreSQL of your own.
FROM node:22-bookworm-slim AS build
WORKDIR /app
# The npm that package.json names: an older one does not know which packages may run install scripts.
RUN npm install -g npm@11.19.1
COPY . .
RUN npm ci && npm run build \
 && rm -rf .turbo apps/*/.turbo packages/*/.turbo apps/web/.next/cache node_modules apps/*/node_modules packages/*/node_modules \
 && npm ci --omit=dev && npm cache clean --force

FROM node:22-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 ASSAY_DATA_DIR=/data NEXT_TELEMETRY_DISABLED=1
WORKDIR /app
COPY --from=build --chown=node:node /app /app
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "apps/server/dist/main.js"]
